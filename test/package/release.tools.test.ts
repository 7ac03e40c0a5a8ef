/**
 * The release workflow on act, as it is. Stand-ins are `.ci/run`, which runs all tests, `gh`, and a registry that trusts the
 * runner as npm does. npm doesn't install, and leaves out the provenance, which only GitHub's own runner can sign.
 */
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { text } from "node:stream/consumers";
import { delimiter, join } from "node:path";
import { expect } from "chai";
import { integrityOf } from "../harness/cloud/registry";
import { runSync } from "../harness/engine/command";
import { ROOT } from "../harness/engine/paths";
import { type ForgeServer, startForge } from "../harness/forge/server";
import { listen, type Listening } from "../harness/listen";
import { runOnAct } from "../harness/runners/act";
import { BUILD_LIMIT_MS, buildTools } from "../harness/runners/tools";
import { checkout, type Checkout } from "../organization/checkout";
import { tempFolder } from "../temp-folder";

describe("The release workflow, on act", function () {
  this.timeout(BUILD_LIMIT_MS);
  const files = ["release.yml", "checks.yml"].map((name) => join(ROOT, ".github/workflows", name));
  const home = tempFolder("release");
  const [bin, calls, page] = ["bin", "calls", "page"].map((name) => join(home, name)) as [string, string, string];
  const asked: string[] = [];
  let published = "";
  let copy: Checkout;
  let forge: ForgeServer;
  let registry: Listening;
  before(async () => {
    await buildTools();
    copy = await checkout();
    await copy.run("git", ["remote", "add", "origin", "https://github.com/o/r.git"], process.env);
    forge = await startForge(copy.folder);
    registry = await listen(async (request, response) => {
      asked.push([request.method, request.url, request.headers.authorization].join(" "));
      if (request.method === "PUT") published = await text(request);
      response.end(JSON.stringify({ value: "of-the-runner", token: "for-minutes" }));
    });
    const npm = runSync("sh", ["-c", "command -v npm"]).stdout.trim();
    const record = `echo "$(basename "$0") $*" >> ${calls}`;
    const publish = `${record}; shift 2; exec ${npm} publish "$@"`;
    const scripts = {
      npm: `case "$1 $2" in ci*) ${record} ;; "publish --provenance") ${publish} ;; *) exec ${npm} "$@" ;; esac`,
      gh: `${record}; cp -R . ${page}`,
    };
    mkdirSync(bin);
    for (const [name, script] of Object.entries(scripts))
      writeFileSync(join(bin, name), `#!/bin/sh\n${script}\n`, { mode: 0o755 });
  });
  after(async () => {
    copy.remove();
    await Promise.all([forge.close(), registry.close()]);
  });

  const release = (tag: string, checks: string) => {
    writeFileSync(join(copy.folder, ".ci/run"), checks);
    const PATH = [bin, process.env.PATH].join(delimiter);
    const id = { ACTIONS_ID_TOKEN_REQUEST_URL: `${registry.url}/id`, ACTIONS_ID_TOKEN_REQUEST_TOKEN: "runner" };
    return runOnAct({
      ...{ repository: copy.folder, work: join(copy.folder, ".."), files, forge, vars: { NPM_NAME: "@acme/gate" } },
      event: { name: "push", payload: { ref: `refs/tags/${tag}` } },
      env: { ...process.env, ...id, npm_config_registry: registry.url, PATH },
    });
  };

  it("makes nothing of what fails a check, nor of a tag that isn't the version", async () => {
    const failing = await release(`v${copy.version()}`, "exit 1");
    expect([failing.failed, failing.steps.at(-1)], failing.log).to.deep.equal([true, "bash .ci/run"]);
    const ended = await release("v9.9.9", "");
    expect([ended.failed, ended.steps.at(-1)], ended.log).to.deep.equal([true, "The tag is the version"]);
    expect(ended.log).to.contain(`v9.9.9 is not the tag of ${copy.version()}`);
    expect([existsSync(calls), asked]).to.deep.equal([false, []]);
  });

  it("publishes the very tarball that it packed, by the runner's login, then puts it on the release's page", async () => {
    const ended = await release(`v${copy.version()}`, "");
    const checks = ended.steps.filter((step) => step === "bash .ci/run").length;
    expect([ended.failed, checks], "by both files" + ended.log).to.deep.equal([false, 6]);
    const tarball = `acme-gate-${copy.version()}.tgz`;
    const workflows = ["github-workflow.yml", "gitlab-ci.yml"];
    const released = ["SHA256SUMS", tarball, "cli.cdx.json", ...workflows, "policypack.cdx.json"];
    expect(readdirSync(page)).to.deep.equal(released);
    expect(readFileSync(calls, "utf8").trim().split("\n")).to.deep.equal([
      "npm ci --ignore-scripts",
      `npm publish --provenance --access public ./${tarball}`,
      `gh release create v${copy.version()} --verify-tag --generate-notes ${released.map((file) => `./${file}`).join(" ")}`,
    ]);
    expect(asked).to.deep.equal([
      "GET /id?audience=npm%3A127.0.0.1 Bearer runner",
      "POST /-/npm/v1/oidc/token/exchange/package/@acme%2fgate Bearer of-the-runner",
      "GET /@acme%2fgate Bearer for-minutes",
      "PUT /@acme%2fgate Bearer for-minutes",
    ]);
    expect(published)
      .to.contain(readFileSync(join(page, tarball), "base64"))
      .and.to.contain('"repository":{"type":"git","url":"git+https://github.com/o/r.git"}');
    const pins = ['GATE: "@acme/gate"\n', `GATE_INTEGRITY: ${integrityOf(join(page, tarball))}\n`];
    const missing = (file: string) => pins.filter((pin) => !readFileSync(join(page, file), "utf8").includes(pin));
    expect(workflows.flatMap(missing)).to.deep.equal([]);
  });
});
