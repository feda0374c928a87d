"""The names that HTML and SVG know, by which a glued tag is cut.

Sources: https://html.spec.whatwg.org/#elements-3, https://html.spec.whatwg.org/#attributes-3 (and the obsolete ones)
"""

from __future__ import annotations

import re

ELEMENTS = frozenset(
    """
    a abbr acronym address area article aside audio b base bdi bdo big blockquote body br button canvas caption
    center circle cite code col colgroup data datalist dd defs del details dfn dialog dir div dl dt ellipse em embed
    fieldset figcaption figure font footer form frame frameset g h1 h2 h3 h4 h5 h6 head header hgroup hr html i
    iframe image img input ins kbd label legend li line link main map mark marquee menu meta meter nav nobr noscript
    object ol optgroup option output p param path picture polygon polyline pre progress q rect rp rt ruby s samp
    script search section select slot small source span strike strong style sub summary sup svg symbol table tbody
    td template textarea tfoot th thead time title tr track tt u ul use var video wbr
    """.split()
)

BOOLEANS = frozenset(
    """
    allowfullscreen async autofocus autoplay controls crossorigin defer disablepictureinpicture
    disableremoteplayback hidden inert ismap itemscope loop mozallowfullscreen muted nomodule novalidate playsinline
    reversed webkit-playsinline webkitallowfullscreen
    """.split()
)
"""Attributes without a value, whose end is lost together with the white space after them."""

_VALUED = frozenset(
    """
    abbr accept accept-charset accesskey action align allow alt amp-custom as autocapitalize autocomplete background
    bgcolor border caption cellpadding cellspacing charset checked cite class clear color cols colspan content
    contenteditable controlslist coords d data datetime decoding default dir dirname disabled download draggable
    enctype enterkeyhint face fetchpriority fill for form formaction formmethod frameborder headers height high href
    hreflang hspace http-equiv id imagesizes imagesrcset inputmode integrity is itemid itemprop itemref itemtype
    kind label lang language layout list loading low lowsrc marginheight marginwidth max maxlength media method min
    minlength multiple name nonce nowrap open optimum part pattern ping placeholder points poster
    preload property readonly referrerpolicy rel required role rows rowspan rules sandbox scheme scope scrolling
    selected shape size sizes slot span spellcheck src srcdoc srclang srcset start step stroke style summary
    tabindex target text title transform translate type typeof usemap valign value viewbox vocab vspace width wrap
    xmlns
    """.split()
)
# Families of names: data-*, event handlers, and what the common frameworks of pages write.
_FAMILIES = re.compile(
    r"\A(?:data-|aria-|on[a-z]{3,}$|v-|x-|ng-|hx-|js[a-z]+$|xlink:|xml:|xmlns:|[@:*#(\[])", re.IGNORECASE
)


def is_attribute(name: str) -> bool:
    """Return whether *name*, in lower case, is an attribute that pages use."""
    return name in _VALUED or name in BOOLEANS or bool(_FAMILIES.match(name))
