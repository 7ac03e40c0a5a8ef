import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { parse } from "yaml";
import { readProduct, webAddress } from "../../../cli/report/repository";

const read = (file: string): unknown => parse(readFileSync(join(__dirname, "../../testdata", file), "utf8"));

it("The address of the repository that the pack is published from is read from a git remote, or not made up", () => {
  const remotes = Object.entries(read("repositories.yaml") as Record<string, string | null>);
  expect(remotes.map(([remote]) => [remote, webAddress(remote) ?? null])).to.deep.equal(remotes);
});

it("What reports tell of where this package is, is read from its manifest, or not made up", () => {
  const version = "1.0.0";
  for (const { manifest, product } of read("products.yaml") as Record<"manifest" | "product", object>[])
    expect(readProduct({ version, ...manifest }), JSON.stringify(manifest)).to.deep.equal({ version, ...product });
});
