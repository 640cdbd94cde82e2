"""Dialling attempts, webhooks received, interviews."""
