"""The SIP trunk: real telephones behind a county's carrier.

`trunk` runs the user agent `child` as a process of its own and gives out lines (`line`);
`hall`, `leg` and `media` are the sound of the calls, in the child; `causes` reads why a
call did not come about.
"""
