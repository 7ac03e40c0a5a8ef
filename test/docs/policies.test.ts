import { readFileSync } from "node:fs";
import path from "node:path";
import { expect } from "chai";
import { UNKNOWN, type PackInfo, type Props, type Resource } from "../harness/engine/analyzer";
import { PolicyTester } from "../harness/policy-tester";
import { block, bucket } from "../policypack/resources";
import { expectSection } from "./section";
import { testdata } from "../testdata";

const ROOT = path.resolve(__dirname, "../..");
const DOCUMENT = "docs/policies.md";

/** For each policy, resources that show what it says. */
const EXAMPLES = Object.entries(testdata("policies.yaml") as Record<string, Example[]>).map(([policy, resources]) => ({
  policy,
  resources: resources.map(resourceOf),
}));

type Example = Partial<Resource> & { name: string; locks?: string; props?: Props };

function resourceOf({ name, locks, ...change }: Example): Resource {
  if (locks !== undefined) return block(name, locks, {}, change.props);
  const { props } = change;
  const given = props && Object.entries(props).map(([key, value]) => [key, value === "?" ? UNKNOWN : value] as const);
  return bucket(name, { ...change, ...(given && { props: Object.fromEntries(given) }) });
}

type Policy = PackInfo["policies"][number];

/** Those that advise are in one line: what each checks is on the page. */
function list(policies: Policy[]): string {
  const mandatory = policies.filter(({ level }) => level === "mandatory");
  const lines = mandatory.map(({ name, description }) => `- \`${name}\`: ${description}`);
  const more = `These block; [${policies.length - mandatory.length} more](docs/policies.md) only advise, on blocks that go with their resource and on access that is wide, but not public.`;
  return [...lines, "", more].join("\n");
}

/** Each message ends with how to exempt the resource, which docs/configuration.md describes once. */
const HOW_TO_EXEMPT = /\nIf it (?:must be public|must be so|may go), exempt it /;

function facts(policy: Policy, messages: string[]): string {
  const { tags, configSchema, url, severity, framework } = policy;
  const { name: standard, version, reference } = framework ?? expect.fail();
  const controls = tags.flatMap((tag) => /^security-hub-(.+)$/.exec(tag)?.[1]?.toUpperCase() ?? []);
  const hub = controls.length === 0 ? [] : [`Security Hub ${controls.join(", ")}`];
  // The controls of Security Hub are those of that standard.
  const others = standard.startsWith("AWS Foundational") ? [] : [`${standard} ${version}: ${reference}`];
  const options = Object.entries(configSchema?.properties ?? {}).filter(
    ([name]) => name !== "exemptions" && name !== "contact", // Those of every policy: docs/configuration.md.
  );
  return [
    `- Severity ${severity}. ${[...hub, ...others].join("; ")} ([source](${url})).`,
    ...options.map(([name, schema]) => {
      const { default: value, description } = schema as { default: boolean | string[]; description: string };
      return `- Option \`${name}\` (${Array.isArray(value) ? "none" : value} by default): ${description}`;
    }),
    ...messages.map((message) => `\n\`\`\`text\n${message.split(HOW_TO_EXEMPT)[0] ?? ""}\n\`\`\``),
  ].join("\n");
}

describe("What the documents say about the policies", () => {
  const tester = new PolicyTester(ROOT);
  let policies: Policy[];
  before(async () => ({ policies } = await tester.pack.info()));

  it("covers every policy of the pack, in its order, and no other", () => {
    const headings = readFileSync(path.join(ROOT, DOCUMENT), "utf8").match(/^## .+$/gm);
    expect(headings).to.deep.equal(policies.map(({ name }) => `## ${name}`));
    expect(EXAMPLES.map(({ policy }) => policy)).to.deep.equal(policies.map(({ name }) => name));
  });

  it("is the pack's own list, in README.md (UPDATE_DOCS=true writes it)", () =>
    expectSection("README.md", "policies", list(policies)));

  for (const { policy: name, resources } of EXAMPLES) {
    it(`is what the pack reports for ${name} (UPDATE_DOCS=true writes it)`, async () => {
      const policy = policies.find((each) => each.name === name) ?? expect.fail();
      const messages = [];
      for (const resource of resources) {
        const found = await tester.found(resource);
        expect(found.map((each) => [each.policy, each.urn])).to.deep.equal([[name, resource.parent ?? resource.urn]]);
        messages.push(...found.map(({ message }) => message));
      }
      await expectSection(DOCUMENT, name, facts(policy, messages));
    });
  }
});
