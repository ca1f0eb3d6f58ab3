"""What has reached its end: the preview, the plans, the second person's approval, carrying out."""
