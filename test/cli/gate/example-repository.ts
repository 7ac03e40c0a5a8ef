/** A repository whose pull requests are gated as the examples say, with the present build in a registry of its own. */
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { parse } from "yaml";
import { type Forge, pinned, workflow } from "../../../cli/init/workflow";
import { integrityOf, type OwnRegistry, registryOfOne } from "../../harness/cloud/registry";
import { packAs } from "../../package/pack";
import { commit, initialize, jobless, repository, type Repository } from "./gate";
import { tempFolder } from "../../temp-folder";
import { testdata } from "../../testdata";

const ROOT = resolve(__dirname, "../../..");
export const ACTION = join(ROOT, "action.yml");
export const EXAMPLE = join(ROOT, "docs/examples/github-workflow.yml");
export const GITLAB = join(ROOT, "docs/examples/gitlab-ci.yml");
/** A step of an action or a workflow. */
interface Step {
  readonly name?: string;
  readonly if?: string;
  readonly uses?: string;
  readonly with?: object;
  readonly run?: string;
}
interface Steps {
  readonly steps: readonly Step[];
}

/** The steps of a composite action or of a workflow's jobs, and the environment of all that a workflow's first has. */
export function stepsOf(file: string): Steps & { readonly env: Readonly<Record<string, string>> } {
  const document = parse(readFileSync(file, "utf8")) as {
    runs?: Steps;
    jobs?: Record<string, Steps>;
    env?: Record<string, string>;
  };
  const jobs = Object.values(document.jobs ?? {});
  const steps = [document.runs, ...jobs].flatMap((each) => each?.steps ?? []);
  return { env: {}, ...document, ...jobs[0], steps };
}

/** The name that the examples install the gate by. */
export const GATE = "@acme/s3-public-access-block";

/** Where the workflows go, in a repository. */
const PLACES: [string, Forge, string][] = [
  [EXAMPLE, "github", ".github/workflows/pulumi-preview.yml"],
  [GITLAB, "gitlab", ".gitlab-ci.yml"],
];
const { settings } = testdata("workflows.yaml") as { settings: Parameters<typeof workflow>[2] };

export interface ExampleRepository {
  readonly root: string;
  /** A folder for runners, outside of the repository. A program there finds its packages. */
  readonly work: string;
  /** The environment of a runner that has a backend and a passphrase. */
  readonly env: NodeJS.ProcessEnv;
  /** That of a runner which knows nothing of this project, as where a fork is run. */
  readonly bare: NodeJS.ProcessEnv;
  /** The hash of the gate in the registry. */
  readonly integrity: string;
  /** Commits the program and the examples, as init writes them, with that hash in them. */
  readonly commit: (program: string, integrity?: string) => string;
  readonly close: () => void;
}

/** What a pull request may bring along for npm, where npm would look in the checkout. */
const HOSTILE_NPMRC =
  "registry=http://127.0.0.1:9/\nfetch-retries=0\nignore-scripts=false\nnode-options=--require=./none.js\n";
/** What the tests' stack has. */
const OWN = /^(PULUMI_(BACKEND_URL|CONFIG_PASSPHRASE|STACK|OPTION_CONFIG_FILE)|AWS_.*)$/;

/**
 * The environment of a user whose npm has the registry: one that an .npmrc of the checkout names must not count. The
 * examples install what the program's lockfile names; this program finds its packages in the checkout.
 */
export function npmUser({ root, stack }: Repository, home: string, registry: OwnRegistry): NodeJS.ProcessEnv {
  const manifest = { name: "shop", version: "1.0.0" };
  const lock = { ...manifest, lockfileVersion: 3, packages: { "": manifest } };
  writeFileSync(join(root, "infra/package.json"), JSON.stringify(manifest));
  writeFileSync(join(root, "infra/package-lock.json"), JSON.stringify(lock));
  const userconfig = join(home, "npmrc");
  writeFileSync(userconfig, `registry=${registry.env.npm_config_registry ?? ""}\naudit=false\n`);
  const own = Object.entries(jobless(stack.env)).filter(([name]) => !/^npm_config_/i.test(name));
  return { ...Object.fromEntries(own), NPM_CONFIG_USERCONFIG: userconfig };
}

/** One whose origin is at `host`. */
export async function exampleRepository(host: string): Promise<ExampleRepository> {
  const tarball = await packAs(GATE);
  const integrity = integrityOf(tarball);
  const registry = await registryOfOne(tarball);
  const repo = await repository("gate-module");
  const { root } = repo;
  const home = tempFolder("runner");
  const env = { ...npmUser(repo, home, registry), TMPDIR: home };
  const put = (name: string, text: string) => {
    writeFileSync(join(root, name), text);
  };
  const work = tempFolder("runner", join(root, ".."));
  mkdirSync(join(root, ".github/workflows"), { recursive: true });
  put(".gitignore", ".gitlab-ci-local\n");
  put(".npmrc", HOSTILE_NPMRC);
  put("package.json", "{}");
  initialize(root, `https://${host}/o/r.git`);
  return {
    ...{ root, work, env, integrity },
    bare: Object.fromEntries(Object.entries(env).filter(([name]) => !OWN.test(name))),
    commit(program, hash = integrity) {
      put("infra/index.mjs", program);
      for (const [file, forge, place] of PLACES) {
        put(place, workflow(release(file, hash), forge, settings));
      }
      return commit(root);
    },
    close: registry.close,
  };
}

/** An example as it is after a release whose package has that hash. */
function release(file: string, integrity: string): string {
  const { version } = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8")) as { version: string };
  return pinned(readFileSync(file, "utf8"), { name: GATE, version, integrity });
}
