import { lineWidth, wrap } from './wrap.ts';

/** A command longer than this has a line of its own, never broken: it is there to be copied. */
const longCommand = 40;

/** Code spans are one word each, and take the punctuation that touches them along. */
const wordPattern = /(?:[^\s`]|`[^`]*`)+/gu;

/** Markdown of a rule's page as lines for a terminal, each `indent` to the right; paragraphs have a blank line between. */
export function plainText(markdown: string, indent: string): readonly string[] {
  const paragraphs = markdown.split(/\n{2,}/u).map((paragraph) => paragraphLines(paragraph, indent));
  return paragraphs.flatMap((lines, index) => (index === 0 ? lines : ['', ...lines]));
}

function paragraphLines(paragraph: string, indent: string): readonly string[] {
  const items = paragraph.split(/\n(?=\s*(?:[-*]|\d+\.) )/u);
  return items.flatMap((item) => {
    const [, mark = '', text = ''] = /^\s*((?:[-*]|\d+\.) )?([\s\S]*)$/u.exec(item) ?? [];
    return blocks(inline(text), lineWidth - indent.length - mark.length).map(
      (line, index) => `${indent}${index === 0 ? mark : ' '.repeat(mark.length)}${line}`,
    );
  });
}

/** Prose wrapped, long commands on lines of their own without their marks. */
function blocks(text: string, width: number): readonly string[] {
  const lines: string[] = [];
  let prose: string[] = [];
  const flush = (): void => {
    lines.push(...wrap(prose, width));
    prose = [];
  };
  for (const [word] of text.matchAll(wordPattern)) {
    const [, code] = /^`([^`]*)`[,.;:]?$/u.exec(word) ?? [];
    if (code === undefined || code.length <= longCommand || !code.includes(' ')) {
      prose.push(word);
      continue;
    }
    flush();
    lines.push(`  ${code}`);
  }
  flush();
  return lines;
}

/** Text without the Markdown marks that a terminal does not show; links name their page, code stays as it is. */
export function inline(markdown: string): string {
  return markdown.replaceAll(/`[^`]*`|[^`]+/gu, (part) => (part.startsWith('`') ? part : withoutMarks(part)));
}

function withoutMarks(prose: string): string {
  return prose
    .replaceAll(/\[([^\]]+)\]\(([\w-]+)\.md\)/gu, '$1 (kerbwatch explain $2)')
    .replaceAll(/\[([^\]]+)\]\((https:[^)]+)\)/gu, '$1 ($2)')
    .replaceAll(/\*\*([^*]+)\*\*/gu, '$1')
    .replaceAll(/(?<!\w)_([^_]+)_(?!\w)/gu, '$1');
}
