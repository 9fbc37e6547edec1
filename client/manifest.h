/* manifest.h: feeding labelled sample data that a manifest lists, each document with its office's token and clock. */
#ifndef TRIBUTARY_CLIENT_MANIFEST_H
#define TRIBUTARY_CLIENT_MANIFEST_H

#include "client.h"

/* Hands in every document of the manifest, in its order: lines {"file","sample_clock","expect":"recorded"|"refused"} and,
 * for a hand-in that corrects an event, "event_of": the file that was handed in first for it, since only the server's
 * receipt says which event that is. Between them, in order of time, stand meetings, {"meeting": BODY,"held_on","by",
 * "sample_clock","expect"}, and reviews of what a file became, {"review_of": FILE,"by","stage","outcome","reason","cells",
 * "held_on","sample_clock","expect"}; "by" is a role or an office, "expect" "recorded" or a problem's code. File names are relative to the manifest's folder; `tokens` is {"offices":{CODE: TOKEN},
 * ROLE: TOKEN}.
 * Goes on after a refusal. EXIT_DONE if each came out as expected, otherwise EXIT_REFUSED with the deviations listed, or
 * what kept it from going on. */
enum exit_status manifest_submit(struct client *client, const char *manifest, const char *tokens);

#endif
