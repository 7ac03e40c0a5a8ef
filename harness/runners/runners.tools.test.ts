import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { outputOf } from "../engine/command";
import { runOnAct } from "./act";
import { BUILD_LIMIT_MS, buildTools } from "./tools";

const WORKFLOW = `on: push
jobs:
  job:
    runs-on: ubuntu-24.04
    steps:
      - name: Set Node.js up
        uses: actions/setup-node@6044e13b5dc448c55e2357c09f80417699197238
        with: { node-version: 22 }
      - name: Tell
        run: |
          echo "::warning file=a.ts,line=3::mind"
          echo "$SECRET of \${{ github.repository }}" >> "$GITHUB_STEP_SUMMARY"
        env: { SECRET: "\${{ secrets.TOLD }}" }
      - name: Fail
        run: exit 3
      - name: Never
        run: echo never
      - name: Always
        if: always()
        run: echo always
`;

describe("A workflow on act", () => {
  let folder: string;
  before(async function () {
    this.timeout(BUILD_LIMIT_MS);
    await buildTools();
    folder = realpathSync(mkdtempSync(join(tmpdir(), "act-")));
    for (const name of ["repository/.github/workflows", "work"])
      mkdirSync(join(folder, name), { recursive: true });
    writeFileSync(join(folder, "repository/.github/workflows/w.yml"), WORKFLOW);
    const git = (...args: string[]) => outputOf("git", args, { cwd: join(folder, "repository") });
    git("init", "--quiet");
    git("remote", "add", "origin", "https://github.com/o/r.git");
    git("add", "--all");
    git("-c", "user.name=o", "-c", "user.email=o@example.com", "commit", "--quiet", "--message", "Begin");
  });
  after(() => {
    rmSync(folder, { recursive: true });
  });

  it("tells which steps ran, what they annotated and summed up, and what an action was given", async () => {
    const { log, ...told } = await runOnAct({
      repository: join(folder, "repository"),
      work: join(folder, "work"),
      files: [join(folder, "repository/.github/workflows/w.yml")],
      event: { name: "push", payload: { ref: "refs/heads/main" } },
      env: process.env,
      secrets: { TOLD: "word" },
      vars: {},
    });
    expect(
      told.steps.filter((step) => /^[A-Z]/.test(step)),
      log,
    ).to.deep.equal(["Set Node.js up", "Tell", "Fail", "Always"]);
    expect([told.failed, told.summary, told.annotations], log).to.deep.equal([
      true,
      "word of o/r\n",
      [{ level: "warning", file: "a.ts", line: "3" }],
    ]);
    expect(told.given).to.deep.equal({ "actions/setup-node": { "node-version": "22" } });
  });
});
