"""The SIP trunk: real telephones behind a county's carrier.

`trunk` runs the user agent `child` as a process of its own and gives out lines (`line`);
`leg` and `media` are the sound of a call, in the child; `causes` reads why a call failed.
"""
