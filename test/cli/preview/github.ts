/** GitHub's side of a pull request, as far as the action talks to it by gh. */
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { TOOLS } from "../../../harness/runners/tools";

export interface Comment {
  databaseId: number;
  viewerDidAuthor: boolean;
  body: string;
}

export interface FakeGitHub {
  /** A folder with the gh. */
  readonly bin: string;
  readonly env: NodeJS.ProcessEnv;
  readonly comments: () => Comment[];
}

/** A folder with a gh that keeps the comments on the pull request in a file. */
export function fakeGitHub(temp: string): FakeGitHub {
  const bin = join(temp, "bin");
  mkdirSync(bin);
  const gh = [
    process.execPath,
    "--require",
    require.resolve("tsx/cjs"),
    join(__dirname, "../../../harness/runners/fake-gh.ts"),
  ];
  const script = `#!/bin/sh\nexec ${gh.map((part) => `'${part}'`).join(" ")} "$@"\n`;
  writeFileSync(join(bin, "gh"), script, { mode: 0o755 });
  // Someone else has copied the marker; and the action has commented on another stack.
  const marker = "<!-- s3-public-access-block infra%2FPulumi.yaml%20";
  const file = join(temp, "comments.json");
  const others: Comment[] = [
    { databaseId: 1, viewerDidAuthor: false, body: `${marker}dev -->\nmine` },
    { databaseId: 2, viewerDidAuthor: true, body: `${marker}prod -->\nprod` },
  ];
  writeFileSync(file, JSON.stringify(others));
  return {
    bin,
    env: { GITHUB_REPOSITORY: "o/r", COMMENTS: file, JQ: join(TOOLS, "gojq") },
    comments: () => JSON.parse(readFileSync(file, "utf8")) as Comment[],
  };
}
