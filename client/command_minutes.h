/* command_minutes.h: the minutes of a meeting, for the command pack. */
#ifndef TRIBUTARY_CLIENT_COMMAND_MINUTES_H
#define TRIBUTARY_CLIENT_COMMAND_MINUTES_H

#include "client.h"

/* Drafts and freezes the minutes of a meeting by its id and keeps the files that -o names; with --names drafts only. */
enum exit_status minutes_make(struct client *client, const char *meeting);

#endif
