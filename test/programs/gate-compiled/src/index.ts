// Compiled by the test: the types and the lines that they take are gone from the JavaScript.
import { Bucket } from "@pulumi/aws/s3";
import { makeBucket, type Wanted } from "./make";

interface Settings {
  wanted: Wanted[];
}

const settings: Settings = { wanted: [{ name: "made" }] };
export const direct = new Bucket("direct");
export const made = settings.wanted.map(makeBucket);
