import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { parse } from "yaml";
import { withAbsoluteLinks } from "../../scripts/readme-links.mjs";
import { boot } from "../harness/engine/analyzer";
import { ROOT } from "../harness/engine/paths";

const read = (file: string): string => readFileSync(join(ROOT, file), "utf8");
const expected = parse(read("test/testdata/info.yaml")) as {
  pack: object;
  policies: { name: string; options: object }[];
  options: object;
};

it("The pack tells the engine of itself, and of its policies, as in info.yaml", async () => {
  const pack = await boot(ROOT);
  const { policies, version, readme, ...rest } = await pack.info();
  await pack.close();
  expect(rest).to.deep.equal(expected.pack);
  expect(version).to.equal((JSON.parse(read("package.json")) as { version: string }).version);
  expect(readme).to.equal(withAbsoluteLinks(read("README.md"), ""));
  const told = policies.map(({ name, type, displayName, tags, level, configSchema }) => {
    return { name, type, displayName, tags, level, configSchema };
  });
  expect(told).to.deep.equal(
    expected.policies.map(({ options, ...policy }) => ({
      ...policy,
      configSchema: { properties: { ...options, ...expected.options }, required: [] },
    })),
  );
});
