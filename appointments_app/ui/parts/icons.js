// The icons that rows from the server may name.
import {
  Archive, ArchiveRestore, Ban, CalendarPlus, Check, CircleCheck, CircleSlash, Copy, Download, ExternalLink, Eye, KeyRound,
  ListPlus, LogOut, Mail, MessageSquare, Pencil, Plus, Printer, RotateCcw, Settings2, Trash2, Undo2, UserPlus, UserX, X,
} from "lucide-react";

export const ICONS = {
  archive: Archive, restore: ArchiveRestore, ban: Ban, calendar: CalendarPlus, check: Check, done: CircleCheck,
  dismiss: CircleSlash, copy: Copy, download: Download, open: ExternalLink, eye: Eye, key: KeyRound, list: ListPlus,
  leave: LogOut, mail: Mail, message: MessageSquare, pencil: Pencil, edit: Pencil, plus: Plus, print: Printer, reopen: RotateCcw,
  settings: Settings2, trash: Trash2, delete: Trash2, undo: Undo2, user: UserPlus, "user-off": UserX, x: X,
};
