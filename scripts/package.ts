import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { execaSync } from "execa";
import { pinned, type Pin } from "./pin";
import { stage } from "./stage";

const EXAMPLES = ["docs/examples/github-workflow.yml", "docs/examples/gitlab-ci.yml"];

// The package is another folder than the project, which `npm publish` therefore refuses: it is private. What is published
// is the tarball, since the examples name its hash.
const folder = stage(process.cwd());
const npm = execaSync("npm", ["pack", "--json", "--pack-destination", join(folder, "..")], { cwd: folder });
const [made] = JSON.parse(npm.stdout) as [Pin & { filename: string }];
for (const file of EXAMPLES) writeFileSync(file, pinned(readFileSync(file, "utf8"), made));
console.log(`The package is dist/${made.filename}, with the hash ${made.integrity},
which ${EXAMPLES.join(" and ")} now name.
Commit them, then publish that file: npm publish ./dist/${made.filename}`);
