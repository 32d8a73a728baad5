/**
 * What `mod.ts` needs of the faces at every start, behind one door, since each import that is waited
 * for has a price. The face itself is loaded by run_face.ts, once it is known which.
 */

import "./face_modules.ts";

export { parseArguments } from "./arguments.ts";
export { catalogueOf, loadCatalogues } from "./catalogue.ts";
export { environmentVariable } from "./environment.ts";
export { errorText } from "./error_text.ts";
export { Preferences } from "./preferences.ts";
export { isFullScreen, runFace } from "./run_face.ts";
export { denoTerminal } from "./terminal.ts";
export { environmentLanguage } from "./words.ts";
