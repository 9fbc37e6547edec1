/* blank.c: blanks of every width. */
#include "base/blank.h"

size_t blank_length(const char *text)
{
    const unsigned char *p = (const unsigned char *)text;

    switch (p[0]) {
    case ' ':
    case '\t':
    case '\r':
    case '\n': return 1;
    case 0xc2: return p[1] == 0xa0 ? 2 : 0;
    case 0xe2: return p[1] == 0x80 && p[2] == 0x8b ? 3 : 0;
    case 0xe3: return p[1] == 0x80 && p[2] == 0x80 ? 3 : 0;
    case 0xef: return p[1] == 0xbb && p[2] == 0xbf ? 3 : 0;
    default: return 0;
    }
}

const char *blank_skip(const char *text)
{
    for (size_t length; (length = blank_length(text)) > 0;)
        text += length;
    return text;
}

bool blank_is_all(const char *text)
{
    return *blank_skip(text) == '\0';
}
