import { styleText } from 'node:util';
import type { Environment } from '../../infra/config.ts';
import type { Output } from '../io.ts';

const styles: Readonly<Record<string, Parameters<typeof styleText>[0]>> = {
  critical: ['bold', 'red'],
  high: 'red',
  medium: 'yellow',
  low: 'cyan',
  info: 'dim',
};

/** Colours a text by severity where the output is a terminal that shows colours, and the environment does not object. */
export function painterFor(output: Output, env: Environment): (text: string, severity: string) => string {
  const colours = output.isTTY === true && (output.getColorDepth?.(env) ?? 1) > 2;
  return (text, severity) => {
    const style = styles[severity];
    return colours && style !== undefined ? styleText(style, text, { validateStream: false }) : text;
  };
}
