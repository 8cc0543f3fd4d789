import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { localTime, readDuration, readMoment, showDuration, utcTime } from './time.ts';

describe('a moment', () => {
  it.each([
    ['2026-03-29T01:30Z', '2026-03-29T01:30:00Z'],
    ['2026-03-29T01:30:15Z', '2026-03-29T01:30:15Z'],
    ['2026-03-29T01:30:15.5z', '2026-03-29T01:30:15.5Z'],
    ['2026-03-29T01:30+01:00', '2026-03-29T00:30:00Z'],
    ['2026-03-29T01:30-0530', '2026-03-29T07:00:00Z'],
    ['2026-07-01T09:00 Europe/London', '2026-07-01T08:00:00Z'],
    ['2026-07-01 09:00 Europe/London', '2026-07-01T08:00:00Z'],
    ['2026-07-01T09:00[Asia/Kathmandu]', '2026-07-01T03:15:00Z'],
    [' 2026-01-01T00:00:30 UTC ', '2026-01-01T00:00:30Z'],
  ])('%s is %s, without a note', (text, at) => {
    expect(readMoment(text, 'America/New_York')).toEqual({ at: Temporal.Instant.from(at) });
  });

  it.each([
    ['2026-03-29T01:30 Europe/London', '2026-03-29T01:30:00Z', /does not exist.*2026-03-29 02:30 is meant, 2026-03-29T01:30Z/],
    ['2026-03-08T02:00 America/New_York', '2026-03-08T07:00:00Z', /does not exist.*2026-03-08 03:00/],
    ['2026-10-25T01:30 Europe/London', '2026-10-25T00:30:00Z', /comes twice.*first.*2026-10-25T00:30Z.*2026-10-25T01:30\+00:00/],
    ['2026-04-05T01:45 Australia/Lord_Howe', '2026-04-04T14:45:00Z', /comes twice/],
    ['2011-12-30T12:00 Pacific/Apia', '2011-12-30T22:00:00Z', /does not exist.*2011-12-31 12:00/],
    ['2026-07-01T09:00', '2026-07-01T13:00:00Z', /No zone was given: 2026-07-01 09:00 America\/New_York/],
  ])('%s is %s and says what was unclear', (text, at, note) => {
    const read = readMoment(text, 'America/New_York');
    expect(read.at.toString()).toBe(at);
    expect(read.note).toMatch(note);
  });

  it.each([
    ['tomorrow', /is not a time/],
    ['', /is not a time/],
    ['2026-02-30T09:00 Europe/London', /not a date and time of the calendar/],
    ['2026-02-28T24:30 Europe/London', /not a date and time of the calendar/],
    ['2026-02-28T09:00 Europe/Atlantis', /no time zone Europe\/Atlantis/],
    ['2026-13-28T09:00Z', /is not a moment/],
  ])('refuses "%s"', (text, message) => {
    expect(() => readMoment(text, 'UTC')).toThrow(RangeError);
    expect(() => readMoment(text, 'UTC')).toThrow(message);
  });

  it('the second of two equal wall times, written as the note says, is an hour later', () => {
    const first = readMoment('2026-10-25T01:30 Europe/London', 'UTC');
    const second = first.note?.match(/write (\S+)\.$/)?.[1] as string;
    expect(readMoment(second, 'UTC').at.since(first.at).total('minutes')).toBe(60);
  });

  it('any wall time that exists once is shown in its zone as it was typed', () => {
    const zone = fc.constantFrom('Europe/London', 'America/St_Johns', 'Asia/Kolkata', 'Australia/Lord_Howe', 'Pacific/Apia');
    const minute = fc.integer({ min: 0, max: 60 * 24 * 365 * 10 });
    fc.assert(
      fc.property(zone, minute, (name, minutes) => {
        const local = Temporal.PlainDateTime.from('2020-01-01T00:00').add({ minutes }).toString({ smallestUnit: 'minute' });
        const { at, note } = readMoment(`${local} ${name}`, 'UTC');
        if (!note?.includes('does not exist')) expect(localTime(at.toString(), name)).toBe(local.replace('T', ' '));
        expect(utcTime(at.toString()).replace(' ', 'T')).toBe(at.toString({ smallestUnit: 'minute' }));
      }),
    );
  });
});

describe('a duration', () => {
  it.each([
    ['45s', 45],
    ['30m', 1800],
    ['2h', 7200],
    ['1h30m', 5400],
    ['7d', 604_800],
    ['1w', 604_800],
    [' 2H ', 7200],
    ['30m1h', 5400],
  ])('%s is %i s', (text, seconds) => expect(readDuration(text)).toBe(seconds));

  it.each(['', '30', 'm', '-5m', '1.5h', '2 h', '5m5m', '0m', '1y', '9999999d'])('refuses "%s"', (text) =>
    expect(() => readDuration(text)).toThrow(RangeError),
  );

  it.each([
    [0, '0 s'],
    [90, '90 s'],
    [120, '2 min'],
    [5400, '1 h 30 min'],
    [86_400, '1 d'],
    [90_060, '1 d 1 h 1 min'],
  ])('%i s is shown as %s', (seconds, text) => expect(showDuration(seconds)).toBe(text));
});
