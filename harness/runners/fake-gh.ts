/** A gh that knows the calls of the action's comment step, with the comments in the file COMMENTS instead of on GitHub. */
import { readFileSync, writeFileSync } from "node:fs";
import { outputOf } from "../engine/command";

interface Comment {
  databaseId: number;
  viewerDidAuthor: boolean;
  body: string;
}

const { COMMENTS = "", JQ = "", GH_TOKEN } = process.env;
const args = process.argv.slice(2);
const after = (flag: string): string[] =>
  args.flatMap((each, at) => (each === flag ? [args[at + 1] ?? ""] : []));
const comments = JSON.parse(readFileSync(COMMENTS, "utf8")) as Comment[];
const path = args.find((each) => each.startsWith("repos/")) ?? "";
const [method = "GET"] = after("--method");

/** The field `-F body=@FILE`. */
function body(): string {
  const field = after("-F").find((each) => each.startsWith("body=@")) ?? "";
  return readFileSync(field.slice("body=@".length), "utf8");
}

if (GH_TOKEN !== "token") throw new Error("gh has no token");
if (args[1] === "graphql") {
  const answer = { data: { repository: { pullRequest: { comments: { nodes: comments } } } } };
  process.stdout.write(outputOf(JQ, ["-r", ...after("--jq")], { input: JSON.stringify(answer) }));
} else if (method === "POST" && path === "repos/o/r/issues/7/comments") {
  const posted = { databaseId: comments.length + 1, viewerDidAuthor: true, body: body() };
  writeFileSync(COMMENTS, JSON.stringify([...comments, posted]));
} else if (method === "PATCH" && path.startsWith("repos/o/r/issues/comments/")) {
  const id = Number(path.split("/").at(-1));
  const patched = comments.map((each) => (each.databaseId === id ? { ...each, body: body() } : each));
  writeFileSync(COMMENTS, JSON.stringify(patched));
} else {
  throw new Error(`gh doesn't know this: ${args.join(" ")}`);
}
