/** A table with its heading and what has to be said of it. */
export interface Section {
  readonly title: string;
  readonly note: string;
  readonly columns: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

/** Stands where there is no figure. */
export const UNKNOWN = '–';

/** A section for the terminal, its columns in line. */
export function asText({ title, note, columns, rows }: Section): string {
  const widths = columns.map((column, i) =>
    Math.max(column.length, ...rows.map((row) => row[i]?.length ?? 0)),
  );
  const line = (cells: readonly string[]) =>
    cells
      .map((cell, i) => (i === 0 ? cell.padEnd(widths[i] ?? 0) : cell.padStart(widths[i] ?? 0)))
      .join('   ')
      .trimEnd();
  const rule = widths.map((width) => '─'.repeat(width)).join('───');
  return [title, note, '', line(columns), rule, ...rows.map(line), ''].join('\n');
}

/** A section for a document. */
export function asMarkdown({ title, note, columns, rows }: Section): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  const rule = columns.map((_, i) => (i === 0 ? '---' : '---:'));
  return [`## ${title}`, '', note, '', line(columns), line(rule), ...rows.map(line), ''].join('\n');
}
