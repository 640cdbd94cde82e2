"""Calling campaigns 电话评议活动: when to call whom, what it came to, how long it will take."""
