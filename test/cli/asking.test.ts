import { describe, expect, it } from 'vitest';
import { askingOf } from '../../cli/asking.ts';

const terminal = { isTTY: true, write: () => true };

describe('a person at a terminal is asked', () => {
  it.each([
    ['win32', {}, 'browser'],
    ['darwin', {}, 'browser'],
    ['linux', { DISPLAY: ':0' }, 'browser'],
    ['linux', { WAYLAND_DISPLAY: 'wayland-0' }, 'browser'],
    ['linux', { DISPLAY: '' }, 'device-code'],
    ['linux', {}, 'device-code'],
    ['linux', { DISPLAY: 'localhost:10.0', SSH_CONNECTION: '1 2 3 4' }, 'device-code'],
    ['darwin', { SSH_TTY: '/dev/ttys001' }, 'device-code'],
    ['linux', { CI: 'false' }, 'device-code'],
  ] as const)('on %s with %j by %s', (platform, env, asking) => {
    expect(askingOf({ env, stderr: terminal }, platform)).toBe(asking);
  });
});

describe('nobody is asked', () => {
  it.each([{ CI: 'true' }, { CI: '1' }, { TF_BUILD: 'True' }])('in a pipeline: %j', (env) => {
    expect(askingOf({ env: { ...env, DISPLAY: ':0' }, stderr: terminal }, 'linux')).toBe('none');
  });

  it('where stderr is no terminal', () => {
    expect(askingOf({ env: { DISPLAY: ':0' }, stderr: { write: () => true } }, 'win32')).toBe('none');
    expect(askingOf({ env: {}, stderr: { ...terminal, isTTY: false } }, 'darwin')).toBe('none');
  });
});
