/** Text on a page, as SVG that needs no font but the reader's own. */

export interface Style {
  readonly size?: number;
  readonly bold?: boolean;
  readonly mono?: boolean;
  readonly color?: string;
}

const SANS = "system-ui, -apple-system, Segoe UI, Helvetica, Arial, sans-serif";
const MONO = "ui-monospace, SFMono-Regular, Menlo, Consolas, Liberation Mono, monospace";

/** About how wide a character is, in parts of the font's size; a little more than any common font has. */
const widthOf = ({ mono, bold }: Style): number => (mono ? 0.62 : bold ? 0.6 : 0.56);

export class Page {
  private readonly shapes: string[] = [];
  constructor(private readonly width: number) {}

  /** One line of text, its baseline at y. */
  text(x: number, y: number, line: string, { size = 13, bold, mono, color = "#1f2328" }: Style = {}): void {
    const weight = bold ? ' font-weight="600"' : "";
    this.shapes.push(
      `<text x="${x}" y="${y}" font-family="${mono ? MONO : SANS}" font-size="${size}"${weight} fill="${color}" xml:space="preserve">${escape(line)}</text>`,
    );
  }

  /** Lines of text, broken to a width; returns where the next line would be. */
  paragraph(x: number, y: number, width: number, lines: readonly string[], style: Style = {}): number {
    const size = style.size ?? 13;
    let at = y;
    for (const line of lines.flatMap((each) => wrap(each, Math.floor(width / (size * widthOf(style)))))) {
      this.text(x, at, line, style);
      at += Math.round(size * 1.5);
    }
    return at;
  }

  /** A box under everything that is there already. */
  box(x: number, y: number, width: number, height: number, fill: string, stroke = "#d1d9e0"): void {
    this.shapes.unshift(
      `<rect x="${x}" y="${y}" width="${width}" height="${height}" fill="${fill}" stroke="${stroke}"/>`,
    );
  }

  render(height: number, title: string): string {
    return [
      `<svg xmlns="http://www.w3.org/2000/svg" width="${this.width}" height="${height}" viewBox="0 0 ${this.width} ${height}" role="img">`,
      `<title>${escape(title)}</title>`,
      `<rect width="${this.width}" height="${height}" fill="#ffffff"/>`,
      ...this.shapes,
      "</svg>\n",
    ].join("\n");
  }
}

/** Breaks a line at spaces, and where there are none anywhere; what follows is indented as the line is. */
export function wrap(line: string, columns: number): string[] {
  if (line.length <= columns) return [line];
  const indent = /^ */.exec(line)?.[0] ?? "";
  const space = line.lastIndexOf(" ", columns);
  const end = space > indent.length ? space : columns;
  return [line.slice(0, end), ...wrap(indent + line.slice(end).trimStart(), columns)];
}

function escape(text: string): string {
  return text.replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/>/g, "&gt;");
}
