/* annotated.h: the file of a dry run given back with its findings in it. Private to api/. */
#ifndef TRIBUTARY_API_ANNOTATED_H
#define TRIBUTARY_API_ANNOTATED_H

#include "form/findings.h"
#include "http/request.h"

/* Replies the request's body, a file, with the findings at their cells; their numbers stand in a header. What can't be
 * annotated is replied as a problem with the findings. */
enum step_result reply_annotated(struct request *request, const struct findings *findings);

/* Replies a file that isn't the request's in the same way; what the reply says of its name stays. `bytes` may be those of
 * the present reply. */
enum step_result reply_annotated_file(struct request *request, const char *bytes, size_t length,
                                      const struct findings *findings);

#endif
