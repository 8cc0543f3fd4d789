import { describe, expect, it } from 'vitest';
import { skewProblem } from './doctor.ts';

const at = (text: string) => Temporal.Instant.from(`2026-03-02T12:00:${text}Z`);

describe('the difference of two clocks', () => {
  it.each([
    // server, asked, answered
    ['10.0', '10.0', '10.1', undefined],
    ['12.0', '10.0', '10.1', undefined],
    ['12.2', '10.0', '10.1', /2\.1 s behind/],
    ['08.0', '10.0', '10.1', undefined],
    ['07.5', '10.0', '10.1', /2\.5 s ahead of/],
    // A slow answer proves nothing: the server may have read its clock at any time between.
    ['25.0', '10.0', '30.0', undefined],
    ['33.0', '10.0', '30.0', /3\.0 s behind/],
  ])('server %s, asked %s, answered %s', (server, asked, answered, problem) => {
    const found = skewProblem(at(server), at(asked), at(answered));
    if (problem === undefined) expect(found).toBeUndefined();
    else expect(found?.problem).toMatch(problem);
  });
});
