/* calendar_file.h: calendars that the server writes (iCalendar), kept as files. */
#ifndef TRIBUTARY_CLIENT_CALENDAR_FILE_H
#define TRIBUTARY_CLIENT_CALENDAR_FILE_H

#include "client.h"
#include "transport.h"

/* Asks for a calendar and keeps it as a file ("-": standard output), having said so, or why not. A NULL path is want of
 * memory. */
enum exit_status calendar_file_save(struct client *client, const char *path, const char *file);

/* Ends a reply that wasn't what was asked for, with the reason said. */
enum exit_status calendar_file_explain(struct client *client, struct reply *reply);

#endif
