/* meeting_tag.c: the entity tag of a meeting, "m", the end of its id, its parts, and a digest of what is shown:
 * "m0a1b2c3d.2.417.0.431-0123456789ab". */
#include "api/meeting_tag.h"

#include <stdio.h>
#include <string.h>

#include "api/if_match.h"
#include "base/digest.h"
#include "base/json.h"

enum { ID_AT = 28, ID_LENGTH = 8, DIGEST_LENGTH = 12 };

static long long number_of(const json_t *meeting, const char *holder, const char *name)
{
    return (long long)json_integer_value(json_object_get(json_object_get(meeting, holder), name));
}

void meeting_tag_set(struct request *request, const json_t *meeting)
{
    struct digest digest = digest_of(request->reply.body, request->reply.length);
    char hex[DIGEST_TEXT_SIZE];

    digest_format(&digest, hex);
    snprintf(request->reply.etag, sizeof request->reply.etag, "\"m%.*s.%zu.%lld.%lld.%lld-%.*s\"", ID_LENGTH,
             json_text_member(meeting, "meeting") + ID_AT, json_array_size(json_object_get(meeting, "steps")),
             number_of(meeting, "agenda", "sequence"), number_of(meeting, "agenda", "resolved"),
             number_of(meeting, "attendance", "sequence"), DIGEST_LENGTH, hex);
}

/* The number of a part in a tag of the meeting of the address; NULL: it is no such tag. */
static const char *part_of(struct request *request, const char *tag, enum meeting_part part)
{
    const char *at = tag + 1 + ID_LENGTH, *number;

    if (tag[0] != 'm' || strlen(tag) < 1 + ID_LENGTH ||
        strncmp(tag + 1, request->path_parameters[0] + ID_AT, ID_LENGTH) != 0)
        return NULL;
    for (int i = 0; i < MEETING_PARTS && *at == '.'; i++) {
        size_t length = strspn(at + 1, "0123456789");

        number = arena_copy(request->arena, at + 1, length);
        if (i == (int)part)
            return number && if_match_is_number(number) ? number : NULL;
        at += 1 + length;
    }
    return NULL;
}

bool meeting_tag_read(struct request *request, enum meeting_part part, const char **ret_seen)
{
    const char *tag;
    bool is_step = part == MEETING_PART_STEPS;

    *ret_seen = NULL;
    if (!if_match_read(request, !is_step, &tag))
        return false;
    if (!tag)
        return true;
    *ret_seen = !is_step && if_match_is_number(tag) ? tag : part_of(request, tag, part);
    return *ret_seen || if_match_refuse(request);
}
