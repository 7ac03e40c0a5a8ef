/**
 * The web address of a repository, from that of a git remote: without a user and a password, which may be a token.
 * @returns undefined for a remote that isn't a host's, such as a folder
 */
export function webAddress(remote: string): string | undefined {
  const scp = /^(?:[^/:@]+@)?([^/:@]+\.[^/:@]+):([^/:].*)$/.exec(remote.trim());
  const text = scp === null ? remote.trim() : `ssh://${scp[1] ?? ""}/${scp[2] ?? ""}`;
  if (!/^(https?|ssh|git):\/\//.test(text) || !URL.canParse(text)) return undefined;
  const { protocol, host, hostname, pathname, search, hash } = new URL(text);
  const path = pathname.replace(/\/+$/, "").replace(/\.git$/, "");
  if (search !== "" || hash !== "" || /^\/*$/.test(path)) return undefined;
  return protocol.startsWith("http") ? `${protocol}//${host}${path}` : `https://${hostname}${path}`;
}
