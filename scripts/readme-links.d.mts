export function withAbsoluteLinks(markdown: string, repository: string): string;
