/* message.c: wording and language. */
#include "message.h"

#include <stdlib.h>
#include <string.h>

#include "base/buffer.h"

enum { MESSAGE_LIMIT = 64 * 1024 };

static const char *const wordings[MESSAGE_COUNT][2] = {
#define MESSAGE(id, zh, en) [MESSAGE_##id] = {zh, en},
#include "messages.def"
};

const char *message_text(enum message message, enum language language)
{
    return wordings[message][language];
}

static void fill_in(struct buffer *out, const char *wording, const char *const *texts)
{
    while (*wording) {
        bool slot = wording[0] == '{' && wording[1] >= '1' && wording[1] < '1' + MESSAGE_SLOTS && wording[2] == '}';

        if (slot) {
            const char *text = texts[wording[1] - '1'];

            buffer_append_text(out, text ? text : "-");
            wording += 3;
        } else {
            buffer_append_char(out, *wording++);
        }
    }
}

const char *message_format(struct arena *arena, enum message message, enum language language,
                           const char *const texts[static MESSAGE_SLOTS])
{
    struct buffer out = BUFFER_WITH_LIMIT(MESSAGE_LIMIT);
    const char *wording = message_text(message, language);

    fill_in(&out, wording, texts);

    const char *filled = out.failed ? NULL : arena_copy(arena, out.data ? out.data : "", out.length);

    buffer_free(&out);
    return filled ? filled : wording;
}

static const char *locale_name(void)
{
    static const char *const variables[] = {"LC_ALL", "LC_MESSAGES", "LANG"};

    for (size_t i = 0; i < sizeof variables / sizeof *variables; i++) {
        const char *value = getenv(variables[i]);

        if (value && *value)
            return value;
    }
    return "";
}

bool language_choose(const char *option, enum language *ret_language)
{
    if (option && strcmp(option, "zh") != 0 && strcmp(option, "en") != 0)
        return false;
    *ret_language = strncmp(option ? option : locale_name(), "zh", 2) == 0 ? LANGUAGE_ZH : LANGUAGE_EN;
    return true;
}

const char *name_text(struct name name, enum language language)
{
    return name.text[language] ? name.text[language] : "";
}
