import { cpSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { ROOT } from "../harness/engine/paths";
import { newFolder } from "../harness/engine/files";

const PAGE = readFileSync(join(ROOT, "docs/recipes.md"), "utf8");

/** The programs of docs/recipes.md, by the names that comments give them there. */
export const RECIPES: ReadonlyMap<string, string> = new Map(
  [...PAGE.matchAll(/<!-- (\S+)\.ts -->\n\n```ts\n([^]*?)```/g)].map(([, name = "", code = ""]) => [name, code]),
);
if (RECIPES.size !== PAGE.match(/```ts/g)?.length) throw new Error("docs/recipes.md has a program without a name");

/**
 * A project with these programs, the last of them its main one: next to the component, as the page says, and with a stand-in for the
 * package that no registry has. Returns its folder, below the checkout, where packages are found.
 */
export function recipeProject(...names: string[]): string {
  const folder = newFolder(join(ROOT, ".cache/recipes"));
  cpSync(join(__dirname, "project"), folder, { recursive: true });
  cpSync(join(ROOT, "stack/locked-down-bucket.ts"), join(folder, "locked-down-bucket.ts"));
  for (const name of names) {
    const code = RECIPES.get(name)?.replace("@pulumi/awsx", "./awsx/sdk");
    if (code === undefined) throw new Error(`docs/recipes.md has no program ${name}`);
    for (const file of [name, "index"]) writeFileSync(join(folder, `${file}.ts`), code);
  }
  return folder;
}
