/* meeting_tag.h: the entity tag of a meeting, which tells how far each of its parts has come, so that a change of one part is
 * held against that part only, whoever reads the meeting in whatever language. Private to api/. */
#ifndef TRIBUTARY_API_MEETING_TAG_H
#define TRIBUTARY_API_MEETING_TAG_H

#include <jansson.h>

#include "http/request.h"

enum meeting_part {
    MEETING_PART_STEPS,  /* how many there are */
    MEETING_PART_AGENDA, /* this and the next: sequence numbers, as the meeting's JSON tells them */
    MEETING_PART_RESOLUTIONS,
    MEETING_PART_SHEET,
    MEETING_PARTS
};

/* Sets the entity tag of the reply, which shows the whole meeting. */
void meeting_tag_set(struct request *request, const json_t *meeting);

/* How far the part had come that the caller read, by If-Match: the meeting's entity tag or, where the JSON tells it, the part's
 * own number. *ret_seen is NULL for any, and without a header if it is a step. False: a problem is replied. */
bool meeting_tag_read(struct request *request, enum meeting_part part, const char **ret_seen);

#endif
