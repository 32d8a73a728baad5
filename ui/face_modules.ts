/**
 * Every module that all faces need beside those of a peer, in one list, for the reason that
 * io/peer_modules.ts gives; tests/unit/house_start_test.ts says which line is missing or too many.
 */

import "@std/cli/parse-args";
import "./arguments.ts";
import "./catalogue.ts";
import "./catalogue_en.ts";
import "./catalogue_invite_en.ts";
import "./catalogue_net_en.ts";
import "./catalogue_owned_en.ts";
import "./catalogue_private_en.ts";
import "./catalogue_screen_en.ts";
import "./catalogue_set_en.ts";
import "./catalogue_usage_en.ts";
import "./catalogue_words_en.ts";
import "./commands.ts";
import "./conversation.ts";
import "./dates.ts";
import "./environment.ts";
import "./error_text.ts";
import "./in_flight.ts";
import "./input_lines.ts";
import "./language.ts";
import "./name_check.ts";
import "./names.ts";
import "./nearest.ts";
import "./notice_text.ts";
import "./option_table.ts";
import "./options.ts";
import "./output.ts";
import "./post_line.ts";
import "./preference_table.ts";
import "./preferences.ts";
import "./refusal.ts";
import "./run_face.ts";
import "./sanitize.ts";
import "./screen_limits.ts";
import "./setting.ts";
import "./terminal.ts";
import "./theme.ts";
import "./usage_error.ts";
import "./words.ts";
