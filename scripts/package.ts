import { readFileSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { parseArgs } from "node:util";
import { execaSync } from "execa";
import validate from "validate-npm-package-name";

import { pinned, type Pin } from "./pin";
import { stage } from "./stage";

const USAGE = "npm run package, or npm run package -- --name @your-scope/s3-public-access-block";
const EXAMPLES = ["docs/examples/github-workflow.yml", "docs/examples/gitlab-ci.yml"];

/** The name to publish under. @throws Error with what to do when it isn't one, or there are other arguments */
function nameIn(args: string[]): string | undefined {
  const { name } = parseArgs({ args, options: { name: { type: "string" } } }).values;
  if (name === undefined) return undefined;
  const { errors = [], warnings = [] } = validate(name);
  const problems = [...errors, ...warnings].join("; ");
  if (problems !== "") throw new Error(`${JSON.stringify(name)} isn't a name for an npm package: ${problems}`);
  return name;
}

try {
  // The package is another folder than the project, which `npm publish` therefore refuses: it is private. What is published
  // is the tarball, since the examples name its hash.
  const folder = stage(process.cwd(), nameIn(process.argv.slice(2)));
  const destination = join(folder, "..");
  const pack = execaSync("npm", ["pack", "--json", "--pack-destination", destination], { cwd: folder });
  const [made] = JSON.parse(pack.stdout) as [Pin & { filename: string }];
  for (const file of EXAMPLES) writeFileSync(file, pinned(readFileSync(file, "utf8"), made));
  const tarball = `./${relative(process.cwd(), join(destination, made.filename))}`;
  console.log(`The package is ${tarball}, with the hash ${made.integrity},
which ${EXAMPLES.join(" and ")} now name. The policy pack in it is the folder dist/policypack.
Commit them, then publish that file to the registry that npm is set up for:

  npm publish ${tarball}`);
} catch (error) {
  console.error(`Not packaged: ${error instanceof Error ? error.message : String(error)}\n\nUsage: ${USAGE}`);
  process.exitCode = 1;
}
