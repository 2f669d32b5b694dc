import { describe, expect, it } from 'vitest';
import { readDeviceFilter } from '../../../domain/conditional-access/device-filter.ts';

function reachOf(mode: string, rule: string) {
  return readDeviceFilter({ mode, rule })?.reach;
}

describe('a device filter (row 21)', () => {
  it('says nothing where there is none', () => {
    expect(readDeviceFilter(null)).toBeNull();
  });

  it.each([
    ['device.isCompliant -eq True -or device.isCompliant -ne True', 'a rule that is always true'],
    ['device.trustType -ne "Workplace"', 'registered devices, which mount no shares'],
    ['-not (device.trustType -eq "workplace")', 'the same by -not, in other case'],
    ['device.trustType -ne "Workplace" -or device.isCompliant -eq "True"', 'registered devices unless compliant'],
    ['DEVICE.TRUSTTYPE -ne "Workplace"', 'the same with the property in other case'],
  ])('leaves nobody out who mounts shares: %s (%s)', (rule) => {
    expect(reachOf('include', rule)).toBe('all');
    expect(reachOf('Exclude', rule)).toBe('none');
  });

  it.each([
    ['device.trustType -eq "Workplace"', 'registered devices only'],
    ['device.trustType -in ["Workplace"] -and device.isCompliant -eq False', 'registered devices not compliant'],
    ['device.isCompliant -eq True -and device.isCompliant -ne True', 'a rule that is never true'],
  ])('reaches nobody who mounts shares: %s (%s)', (rule) => {
    expect(reachOf('include', rule)).toBe('none');
    expect(reachOf('exclude', rule)).toBe('all');
  });

  it.each([
    'device.isCompliant -eq True',
    'device.isCompliant -ne "True"',
    'device.isCompliant -eq null',
    'device.trustType -eq "AzureAD"',
    'device.trustType -eq "ServerAD"',
    'device.trustType -eq null',
    // A device that is not recognised has no trust type, so the two kinds of join are not everybody.
    'device.trustType -eq "AzureAD" -or device.trustType -eq "ServerAD"',
    'device.trustType -ne "Workplace" -and device.isCompliant -eq False',
    'device.trustType -ne "Workplace" -or device.model -eq "x"',
    'device.trustType -match "x"',
    'device.extensionAttribute1 -ne "SAW"',
    'device.isCompliantToo -ne True',
    '',
  ])('is conditional for everything else: %s', (rule) => {
    expect(reachOf('include', rule)).toBe('some');
    expect(reachOf('exclude', rule)).toBe('some');
  });

  it('is undecided in a mode that is not known', () => {
    expect(readDeviceFilter({ mode: 'perhaps', rule: 'device.isCompliant -eq True' })).toEqual({
      reach: 'undecided',
      reason: { row: 32, words: 'unknown mode of a device filter: perhaps' },
    });
  });
});
