import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Duration, findDuration, parseDuration } from './durations.ts';

const seconds = (value: number): Duration => ({ seconds: value });
const days = (value: number): Duration => ({ business_days: value });

describe('a length of time in words', () => {
  test.each<[string, Duration | undefined]>([
    ['5 minutes', seconds(300)],
    ['5 min', seconds(300)],
    ['5m', seconds(300)],
    ['90 seconds', seconds(90)],
    ['1 hour', seconds(3600)],
    ['an hour', seconds(3600)],
    ['two hours', seconds(7200)],
    ['1.5 hours', seconds(5400)],
    ['half an hour', seconds(1800)],
    ['1h30m', seconds(5400)],
    ['1 hour and 30 minutes', seconds(5400)],
    ['2 hours, 15 minutes', seconds(8100)],
    ['3 days', seconds(259_200)],
    ['1 week', seconds(604_800)],
    ['Every 15 minutes', seconds(900)],
    ['every hour', seconds(3600)],
    ['Every 2 hours', seconds(7200)],
    ['every other day', seconds(172_800)],
    ['Hourly updates', seconds(3600)],
    ['Daily update', seconds(86_400)],
    ['daily', seconds(86_400)],
    ['Once a day', seconds(86_400)],
    ['Twice a day', seconds(43_200)],
    ['Weekly', seconds(604_800)],
    ['Within 15 minutes.', seconds(900)],
    ['< 4 hours', seconds(14_400)],
    ['<1h', seconds(3600)],
    ['15-30 minutes', seconds(1800)],
    ['1–2 h', seconds(7200)],
    ['1 to 2 hours', seconds(7200)],
    ['30 minutes to 1 hour', seconds(3600)],
    ['PT15M', seconds(900)],
    ['P1DT2H', seconds(93_600)],
    ['Immediate', seconds(0)],
    ['at once', seconds(0)],
    ['Next business day', days(1)],
    ['next working day', days(1)],
    ['Within 2 business days', days(2)],
    ['one business day', days(1)],
    ['Same business day', days(0)],
    ['24/7', undefined],
    ['15', undefined],
    ['minutes ago 5', undefined],
    ['as needed', undefined],
    ['', undefined],
    ['p', undefined],
    ['every', undefined],
    ['99999999999 hours', undefined],
    ['1.5 business days', undefined],
  ])('%s', (words, expected) => expect(parseDuration(words)).toEqual(expected));

  test.each<[string, 'cadence' | 'deadline', Duration | undefined]>([
    ['Status page updates every 30 minutes', 'cadence', seconds(1800)],
    ['Every 15 minutes to executives and customers', 'cadence', seconds(900)],
    ['Daily update in the team channel', 'cadence', seconds(86_400)],
    ['Mail within 2 hours', 'cadence', undefined],
    ['executives and customers', 'cadence', undefined],
    ['Next business day summary', 'cadence', days(1)],
    ['5 minutes (24/7)', 'deadline', seconds(300)],
    ['Acknowledge within 15 minutes, day and night', 'deadline', seconds(900)],
    ['best effort', 'deadline', undefined],
  ])('in a sentence: %s (%s)', (sentence, what, expected) => expect(findDuration(sentence, what)).toEqual(expected));

  test('any amount in any unit, alone or as a cadence, is its seconds', () => {
    const units: [string, number][] = [
      ['seconds', 1],
      ['min', 60],
      ['hours', 3600],
      ['days', 86_400],
    ];
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 3000 }),
        fc.constantFrom(...units),
        fc.constantFrom('', 'every ', 'Within '),
        (amount, [unit, each], before) => {
          expect(parseDuration(`${before}${amount} ${unit}`)).toEqual(seconds(amount * each));
        },
      ),
    );
  });

  test('never throws and never answers anything but whole amounts', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.stringMatching(/^[0-9a-z .<-]{0,40}$/)), (words) => {
        for (const found of [parseDuration(words), findDuration(words, 'cadence'), findDuration(words, 'deadline')])
          if (found) for (const amount of Object.values(found)) expect(Number.isSafeInteger(amount) && amount >= 0).toBe(true);
      }),
    );
  });
});
