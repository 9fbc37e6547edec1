/* section_cover.c: the first page and the contents. */
#include "pack/making.h"

bool section_cover(struct pack_making *making)
{
    paper_cover(making->paper, NULL, 0);
    paper_contents(making->paper);
    return true;
}
