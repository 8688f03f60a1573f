import { type ApplicationText, UnexpectedPositionalError, text_en } from "@stricli/core";

/** What stricli says, with a word on what to do. */
export const texts: ApplicationText = {
  ...text_en,
  noCommandRegisteredForInput(args) {
    const said = text_en.noCommandRegisteredForInput(args);
    return `${said}${said.endsWith("?") ? "" : "."} \`podwall --help\` lists the commands`;
  },
  exceptionWhileParsingArguments(error, ansiColor) {
    const said = text_en.exceptionWhileParsingArguments.call(this, error, ansiColor);
    const takesNone = error instanceof UnexpectedPositionalError && error.expectedCount === 0;
    return takesNone ? `${said}. Files and folders are named with -f PATH` : said;
  },
};
