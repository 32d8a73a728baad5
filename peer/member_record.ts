/** The record of a member of a room as a peer keeps it. */

import type { MemberRecord } from "../discovery/passive_view.ts";
import type { RecordEntry } from "../wire/message_entries.ts";

/** What may be dialled from here, and what is passed on. */
export interface RoomRecord extends MemberRecord, RecordEntry {}
