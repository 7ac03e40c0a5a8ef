import { URL } from "node:url";

/** Code, which stays as it is; or a link to a file of the project. */
const CODE_OR_LINK = /```[^]*?```|`[^`\n]*`|\[((?:[^\]`]|`[^`\n]*`)+)\]\((?![a-z]+:|[#/])([^()\s]+)\)/g;

/** The folders in which hosts show the default branch, by a part of the host's name; all others have GitHub's. */
const FOLDERS = { gitlab: "-/blob/HEAD", bitbucket: "src/HEAD" };

function fileAddress(repository, file) {
  const host = Object.keys(FOLDERS).find((each) => new URL(repository).hostname.includes(each));
  return `${repository}/${FOLDERS[host] ?? "blob/HEAD"}/${file}`;
}

/**
 * Markdown for a place that is not the project's folder, such as Pulumi Cloud's console: with absolute links into the
 * repository, or with their text alone where no address of a repository is known (an empty text). Links to files that come
 * along stay as they are.
 */
export function withAbsoluteLinks(markdown, repository, comesAlong = () => false) {
  return markdown.replace(CODE_OR_LINK, (whole, text, file) => {
    if (file === undefined || comesAlong(file.split("#")[0])) return whole;
    return repository === "" ? text : `[${text}](${fileAddress(repository, file)})`;
  });
}
