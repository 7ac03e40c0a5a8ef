import { readFileSync, writeFileSync } from "node:fs";
import { basename, join, relative } from "node:path";
import { parseArgs } from "node:util";
import { execaSync } from "execa";
import validate from "validate-npm-package-name";

import { EXAMPLES, pinned, type Pin } from "../cli/init/workflow";
import { git, webAddress } from "../cli/report/repository";
import { stage } from "./stage";

const USAGE = "npm run package, or npm run package -- --name @your-scope/s3-public-access-block";

try {
  const { name } = parseArgs({ options: { name: { type: "string" } } }).values;
  const { errors = [], warnings = [] } = name === undefined ? {} : validate(name);
  const problems = [...errors, ...warnings].join("; ");
  if (problems !== "") throw new Error(`${JSON.stringify(name)} isn't a name for an npm package: ${problems}`);
  // The package is another folder than the project, which `npm publish` therefore refuses: it is private. What is published
  // is the tarball, since workflows name its hash.
  const repository = webAddress(git(process.cwd(), "remote", "get-url", "origin"));
  const folder = stage(process.cwd(), name, undefined, repository);
  const destination = join(folder, "..");
  const pack = execaSync("npm", ["pack", "--json", "--pack-destination", destination], { cwd: folder });
  const [made] = JSON.parse(pack.stdout) as [Pin & { filename: string }];
  const beside = (file: string): string => join(destination, basename(file));
  for (const file of Object.values(EXAMPLES)) writeFileSync(beside(file), pinned(readFileSync(file, "utf8"), made));
  const workflows = Object.values(EXAMPLES).map((file) => basename(file));
  const tarball = `./${relative(process.cwd(), beside(made.filename))}`;
  const source = repository ?? "no repository (git's remote origin has no address), so npm takes no provenance for it";
  console.log(`The package is ${tarball}, with the hash ${made.integrity}, from ${source}.
The workflows next to it, ${workflows.join(" and ")}, name that hash; so do those that its "init" writes.
Publish that very file to the registry that npm is set up for:

  npm publish ${tarball}`);
} catch (error) {
  console.error(`Not packaged: ${error instanceof Error ? error.message : String(error)}\n\nUsage: ${USAGE}`);
  process.exitCode = 1;
}
