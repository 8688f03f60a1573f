import { sameForSame, setDifferences } from "@podwall/engine";

/** The identities of one plan that another has not, and the other way round: of each pair of plans it is asked several times. */
export const identityChanges = sameForSame(setDifferences);
