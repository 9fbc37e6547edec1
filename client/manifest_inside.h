/* manifest_inside.h: a manifest while it is fed. Private to manifest*.c. */
#ifndef TRIBUTARY_CLIENT_MANIFEST_INSIDE_H
#define TRIBUTARY_CLIENT_MANIFEST_INSIDE_H

#include <jansson.h>

#include "client.h"
#include "progress.h"
#include "transport.h"

enum { MANIFEST_KEY_LENGTH = 32 };

struct feed {
    struct client *client;
    json_t *tokens;
    json_t *events;            /* by file: the event that the server gave at the first hand-in */
    json_t *submissions;       /* by file: what the hand-in became */
    json_t *kept;              /* by a name of the manifest's own: what an answer held */
    const char *folder, *path; /* of the manifest; of the hand-ins */
    const char *plan_path;
    const char *lines;
    struct progress progress;
    size_t recorded, refused, reviewed;
    struct listing *deviations;
};

/* A line that is no hand-in: a meeting, a review of what a file became, or any other call. */
bool manifest_is_word(const json_t *line);
enum exit_status manifest_send_word(struct feed *feed, const json_t *line);

/* What came isn't what the manifest expects. */
void manifest_deviate(struct feed *feed, const char *name, const char *expected, const char *came);

/* The Idempotency-Key of what is sent at that clock. */
void manifest_key(const char *clock, const char *bytes, size_t length, char ret_key[static MANIFEST_KEY_LENGTH + 1]);

#endif
