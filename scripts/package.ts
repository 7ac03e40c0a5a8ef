import { readFileSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { parseArgs } from "node:util";
import { execaSync } from "execa";

import { nameProblems } from "./package-name";
import { pinned, type Pin } from "./pin";
import { stage } from "./stage";

const USAGE = "npm run package, or npm run package -- --name @your-scope/s3-public-access-block";
const EXAMPLES = ["docs/examples/github-workflow.yml", "docs/examples/gitlab-ci.yml"];

/** The name to publish under. @throws Error with what to do when it isn't one, or there are other arguments */
function nameIn(args: string[]): string | undefined {
  const { name } = parseArgs({ args, options: { name: { type: "string" } } }).values;
  const problems = name === undefined ? [] : nameProblems(name);
  if (problems.length > 0)
    throw new Error(`${JSON.stringify(name)} isn't a name for an npm package: ${problems.join("; ")}`);
  return name;
}

/** The tarball beside the folder, and what identifies it. */
function packed(folder: string): Pin & { filename: string } {
  const args = ["pack", "--json", "--pack-destination", join(folder, "..")];
  const [made] = JSON.parse(execaSync("npm", args, { cwd: folder }).stdout) as [Pin & { filename: string }];
  return made;
}

try {
  // The package is another folder than the project, which `npm publish` therefore refuses: it is private. What is published
  // is the tarball, since the examples name its hash.
  const folder = stage(process.cwd(), nameIn(process.argv.slice(2)));
  const made = packed(folder);
  for (const file of EXAMPLES) writeFileSync(file, pinned(readFileSync(file, "utf8"), made));
  const tarball = `./${relative(process.cwd(), join(folder, "..", made.filename))}`;
  console.log(`The package is ${tarball}, with the hash ${made.integrity},
which ${EXAMPLES.join(" and ")} now name. The policy pack in it is the folder dist/policypack.
Commit them, then publish that file to the registry that npm is set up for:

  npm publish ${tarball}`);
} catch (error) {
  console.error(`Not packaged: ${error instanceof Error ? error.message : String(error)}\n\nUsage: ${USAGE}`);
  process.exitCode = 1;
}
