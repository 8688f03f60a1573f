import {
  type ApplicationText,
  ArgumentParseError,
  EnumValidationError,
  FlagNotFoundError,
  UnexpectedPositionalError,
  text_en,
} from "@stricli/core";

/** What stricli says, with the option it is about and a word on what to do. */
export const texts: ApplicationText = {
  ...text_en,
  noCommandRegisteredForInput(args) {
    const said = text_en.noCommandRegisteredForInput(args);
    return `${said}${said.endsWith("?") ? "" : "."} \`podwall --help\` lists the commands`;
  },
  exceptionWhileParsingArguments(error, ansiColor) {
    if (error instanceof EnumValidationError) {
      return `${optionText(error.externalFlagName)}: "${error.input}" is not one of ${error.values.join(", ")}`;
    }
    if (error instanceof ArgumentParseError) {
      const { externalFlagNameOrPlaceholder: name, exception } = error;
      return `${optionText(name)}: ${exception instanceof Error ? exception.message : String(exception)}`;
    }
    const said = text_en.exceptionWhileParsingArguments.call(this, error, ansiColor);
    const takesNone = error instanceof UnexpectedPositionalError && error.expectedCount === 0;
    if (takesNone) return `${said}. Files and folders are named with -f PATH`;
    return error instanceof FlagNotFoundError && !said.endsWith("?") ? `${said}; --help lists the options` : said;
  },
};

/** An option as it is written; a placeholder of what is no option is in capitals. */
function optionText(name: string): string {
  if (name === name.toUpperCase()) return name;
  return `--${name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
}
