"""Assistants: the page, the wizard that builds one, its practice questions and its report card."""
