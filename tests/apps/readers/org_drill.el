;;; org_drill.el --- what org-drill shows of each item, as JSON  -*- lexical-binding: t -*-

(require 'cl-extra)
(require 'org)
(require 'org-drill)
(require 'json)

(defvar reader-fronts nil "What the question showed.")
(defvar reader-side 0 "Which side of several is to be asked for.")

(defun reader-visible ()
  "The text of the entry as its overlays let it be seen."
  (let ((shown "") (at (point-min)))
    (while (< at (point-max))
      (let ((display (get-char-property at 'display)))
        (cond
         ((invisible-p at)
          (setq at (1+ at)))
         ((stringp display)
          (setq shown (concat shown display)
                at (next-single-char-property-change at 'display)))
         (t
          (setq shown (concat shown (string (char-after at)))
                at (1+ at))))))
    shown))

(defun org-drill-presentation-prompt (_session &rest _)
  "Notes what is seen instead of asking for a key."
  (push (reader-visible) reader-fronts)
  t)

(defun org--latex-preview-region (&rest _)
  "Makes no pictures of formulas.")

(defun cl-random (limit &optional _state)
  "Takes the side that is asked for instead of any."
  (min reader-side (1- limit)))

(defun org-drill-shuffle (list)
  "Puts the gap first that is asked for."
  (let ((first (mod reader-side (length list))))
    (append (nthcdr first list) (butlast list (- (length list) first)))))

(defun reader-entry (session side)
  "What the entry at point shows when SIDE is asked for."
  (setq reader-fronts nil reader-side side)
  (let (back)
    (org-drill-entry-f session (lambda (_) (setq back (reader-visible)) 5))
    (list (cons 'question (car reader-fronts)) (cons 'answer back))))

(defun reader-sides (session)
  "All that the entry at point can ask."
  (let ((sides (list (reader-entry session 0))) (side 1) next)
    (while (not (member (setq next (reader-entry session side)) sides))
      (push next sides)
      (setq side (1+ side)))
    (vconcat (nreverse sides))))

(defun reader-card (session)
  "The entry at point."
  (let ((type (org-entry-get (point) "DRILL_CARD_TYPE" t)))
    `((heading . ,(org-get-heading t t t t))
      (path . ,(vconcat (org-get-outline-path)))
      (tags . ,(vconcat (mapcar #'substring-no-properties (org-get-tags))))
      (type . ,type)
      (asked . ,(if (car (org-drill-entry-status session)) t :json-false))
      (sides . ,(reader-sides session)))))

(let ((session (org-drill-session)) cards)
  (find-file (car command-line-args-left))
  (org-map-entries (lambda () (when (org-drill-entry-p)
                           (push (save-excursion (reader-card session)) cards))))
  (set-buffer-modified-p nil)
  (princ (json-encode (vconcat (nreverse cards)))))
(kill-emacs 0)
