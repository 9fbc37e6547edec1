/* bodies.h: a body as a person names it. */
#ifndef TRIBUTARY_CLIENT_BODIES_H
#define TRIBUTARY_CLIENT_BODIES_H

#include <jansson.h>

#include "client.h"

/* The one that is meant among the server's answer for bodies: by its code or name, or by a part of the name that no other has
 * ("聯繫會議"). NULL, having said which there are, if there is none, or several. Belongs to the answer. */
const json_t *body_meant(struct client *client, const json_t *answer, const char *text);

/* Puts the code of the body that --body means in its place, for whatever command it is given to; what is written as codes are
 * stays as it is, for the server to judge. Any status but EXIT_DONE has been explained. */
enum exit_status bodies_resolve(struct client *client);

#endif
