"""Assessments, decisions and their inputs."""
