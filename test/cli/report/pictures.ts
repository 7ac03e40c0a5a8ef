/**
 * The pictures in docs/images: what the gate prints and writes about test/programs/gate-shop, drawn.
 *
 *     npx tsx test/cli/report/pictures.ts
 */
import { mkdirSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { gate, repository } from "../preview/gate";
import { Page } from "./svg";

const ROOT = resolve(__dirname, "../../..");
export const FOLDER = join(ROOT, "docs/images");

const TYPES: Record<string, [string, string]> = {
  error: ["Check failure", "#cf222e"],
  warning: ["Check warning", "#9a6700"],
  notice: ["Check notice", "#0969da"],
};

/** Runs the gate on the program and draws what came of it: file name and SVG. */
export async function draw(): Promise<Record<string, string>> {
  const shop = await repository("gate-shop");
  try {
    const config = ["--policy-pack-config", join(shop.root, "infra/policy.json")];
    const { stdout, reports } = await gate(shop, config, { env: { GITHUB_ACTIONS: "true" } });
    const commands = stdout.split("\n").filter((line) => line.startsWith("::"));
    return { "annotations.svg": annotationList(commands), "summary.svg": summaryPage(reports.summary ?? "") };
  } finally {
    await shop.remove();
  }
}

/** Workflow commands as GitHub lists annotations. */
export function annotationList(commands: readonly string[]): string {
  const page = new Page(860);
  let y = 0;
  for (const { type, properties, message } of commands.map(readCommand)) {
    const [what = "", color = ""] = TYPES[type] ?? [];
    const top = y;
    const place = `${what} on line ${properties.get("line") ?? "?"} in ${properties.get("file") ?? "?"}`;
    page.text(20, y + 26, place, { bold: true, color });
    page.text(20, y + 48, properties.get("title") ?? "", { bold: true });
    y = page.paragraph(20, y + 70, 820, message.split("\n"), { mono: true, size: 12 });
    page.box(0, top, 4, y - top, color, color);
    page.box(0, top, 860, y - top, "#ffffff");
  }
  return page.render(y + 1, "Annotations on a pull request: what is wrong, at the line that made the bucket");
}

interface Command {
  readonly type: string;
  readonly properties: ReadonlyMap<string, string>;
  readonly message: string;
}

/** Reads a workflow command as the runner does. */
function readCommand(command: string): Command {
  const [, type = "", list = "", message = ""] = /^::(\w+) (.*?)::(.*)$/.exec(command) ?? [];
  const properties = list.split(",").map((each): [string, string] => {
    const [name = "", value = ""] = each.split(/=(.*)/s);
    return [name, unescape(value)];
  });
  return { type, properties: new Map(properties), message: unescape(message) };
}

const WIDTH = 860;

/** The summary as a page: its headings and its text, and of what is folded away that of the first finding. */
export function summaryPage(markdown: string): string {
  const page = new Page(WIDTH);
  let y = 20;
  let isFirst = true;
  for (const line of markdown
    .split("\n")
    .filter((each) => each !== "" && !/^(<!--|<\/details>)/.test(each))) {
    const [hashes] = /^#+(?= )/.exec(line) ?? [];
    const [, head, folded] = /^<details><summary>(.*?)<\/summary>(.*)$/.exec(line) ?? [];
    if (hashes !== undefined) {
      // The fonts that pictures are looked at with have no emoji.
      const title = plain(line.slice(hashes.length + 1))
        .join(" ")
        .replace("❌", "✖")
        .replace("✅", "✔");
      page.text(20, y + 28, title, { bold: true, size: hashes === "##" ? 22 : 17 });
      y += 46;
    } else if (head === undefined) {
      y = page.paragraph(20, y + 14, WIDTH - 40, plain(line)) + 10;
    } else if (folded !== undefined && isFirst) {
      y = unfolded(page, folded, page.paragraph(20, y + 14, WIDTH - 40, [`▾ ${plain(head).join(" ")}`])) + 16;
      isFirst = false;
    } else {
      y = page.paragraph(20, y + 14, WIDTH - 40, [`▸ ${plain(head).join(" ")}`]) + 4;
      if (folded === "") break; // A section that is folded away as a whole: the others are, too.
    }
  }
  return page.render(
    y + 20,
    "The summary of a blocked preview: the verdict, then a line for each finding with the fix behind it",
  );
}

/** What is behind a line: paragraphs and code. Returns where the next line would be. */
function unfolded(page: Page, html: string, top: number): number {
  let y = top - 6;
  for (const [, element = "", inner = ""] of html.matchAll(/<(p|pre)>(.*?)<\/\1>/g)) {
    const isCode = element === "pre";
    const style = { size: 12, mono: isCode, color: isCode ? "#1f2328" : "#59636e" };
    const end = page.paragraph(isCode ? 48 : 36, y + 18, WIDTH - 80, plain(inner), style);
    if (isCode) page.box(36, y, WIDTH - 56, end - y - 6, "#f6f8fa");
    y = end - (isCode ? 2 : 12);
  }
  page.box(20, top - 8, 3, y - top + 12, "#d1d9e0");
  return y;
}

/** The lines of HTML as GitHub shows them. */
function plain(html: string): string[] {
  return html
    .replace(/<br>/g, "\n")
    .replace(/<[^>]*>/g, "")
    .replace(/&#(\d+);/g, (_, code: string) => String.fromCodePoint(Number(code)))
    .replace(/\u200b/g, "")
    .split("\n");
}

function unescape(text: string): string {
  return text
    .replace(/%0D/g, "\r")
    .replace(/%0A/g, "\n")
    .replace(/%3A/g, ":")
    .replace(/%2C/g, ",")
    .replace(/%25/g, "%");
}

if (require.main === module) {
  void draw().then((pictures) => {
    mkdirSync(FOLDER, { recursive: true });
    for (const [name, svg] of Object.entries(pictures)) writeFileSync(join(FOLDER, name), svg);
  });
}
